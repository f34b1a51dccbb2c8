// A batch writes only into the rows that the caller's memory has room for, and what it writes is what was found.
#include <cstdlib>
#include <memory>

#include "batch_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t length = data[0] * 256u + data[1];
  // Memory of exactly this length, without alignment for a double: AddressSanitizer watches both ends.
  std::unique_ptr<uint8_t[]> memory(new uint8_t[length + 1]);
  hostmq::BatchTable table(memory.get() + (length > 0), length);
  uint32_t row = 0;
  for (size_t at = 2; at + 20 <= size && row < table.rows(); at += 20, row++) {
    uint32_t offset;
    int64_t body;
    int64_t kind;
    memcpy(&offset, data + at, sizeof offset);
    memcpy(&body, data + at + 4, sizeof body);
    memcpy(&kind, data + at + 12, sizeof kind);
    table.Set(row, offset, body, kind);
    double numbers[3];
    int64_t exact;
    const uint8_t* start = memory.get() + (length > 0) + row * 32;
    memcpy(numbers, start, sizeof numbers);
    memcpy(&exact, start + 24, sizeof exact);
    if (numbers[0] != offset || numbers[1] != static_cast<double>(body) || exact != kind) abort();
  }
  if (table.rows() != length / 32) abort();
  return 0;
}
