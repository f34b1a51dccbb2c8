#ifndef HOSTMQ_BATCH_TABLE_H_
#define HOSTMQ_BATCH_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hostmq {

// What a batch of receives found, in memory of the caller. Four elements of 8 bytes a row: where the body starts, its
// length, its priority or type as a number, and the same as an exact integer.
class BatchTable {
 public:
  BatchTable(uint8_t* memory, size_t length) : memory_(memory), rows_(static_cast<uint32_t>(length / kRowLength)) {}

  uint32_t rows() const { return rows_; }

  void Set(uint32_t row, size_t offset, int64_t length, int64_t kind) {
    const double numbers[] = {static_cast<double>(offset), static_cast<double>(length), static_cast<double>(kind)};
    uint8_t* start = memory_ + row * kRowLength;
    memcpy(start, numbers, sizeof numbers);
    memcpy(start + sizeof numbers, &kind, sizeof kind);
  }

 private:
  static constexpr size_t kRowLength = 32;
  uint8_t* memory_;
  uint32_t rows_;
};

}  // namespace hostmq

#endif  // HOSTMQ_BATCH_TABLE_H_
