#ifndef HOSTMQ_SCRATCH_H_
#define HOSTMQ_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace hostmq {

// Memory of one environment for the length of one call. It grows to the largest message seen and stays.
class Scratch {
 public:
  Scratch() { Reserve(kInitialSize); }
  ~Scratch() { free(data_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  uint8_t* data() { return data_; }
  size_t size() const { return size_; }

  // False when there is no memory; what was there is kept then.
  bool Reserve(size_t size) {
    if (size <= size_) return true;
    uint8_t* larger = static_cast<uint8_t*>(realloc(data_, size));
    if (larger == nullptr) return false;
    data_ = larger;
    size_ = size;
    return true;
  }

 private:
  static constexpr size_t kInitialSize = 16384 + 64;
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace hostmq

#endif  // HOSTMQ_SCRATCH_H_
