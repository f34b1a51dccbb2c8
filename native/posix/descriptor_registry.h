#ifndef HOSTMQ_POSIX_DESCRIPTOR_REGISTRY_H_
#define HOSTMQ_POSIX_DESCRIPTOR_REGISTRY_H_

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hostmq {

// The descriptors that an environment has opened or adopted; what is still in it at the end is closed.
class DescriptorRegistry {
 public:
  DescriptorRegistry() = default;
  ~DescriptorRegistry() { CloseAll(); }
  DescriptorRegistry(const DescriptorRegistry&) = delete;
  DescriptorRegistry& operator=(const DescriptorRegistry&) = delete;

  bool Has(int descriptor) const {
    return descriptor >= 0 && Word(descriptor) < words_.size() && (words_[Word(descriptor)] & Bit(descriptor)) != 0;
  }

  void Add(int descriptor) {
    if (Word(descriptor) >= words_.size()) words_.resize(Word(descriptor) + 1);
    words_[Word(descriptor)] |= Bit(descriptor);
  }

  void Remove(int descriptor) {
    if (Has(descriptor)) words_[Word(descriptor)] &= ~Bit(descriptor);
  }

  void CloseAll() {
    for (size_t word = 0; word < words_.size(); word++) {
      for (size_t bit = 0; bit < kBits; bit++) {
        if ((words_[word] & (uint64_t{1} << bit)) != 0) close(static_cast<int>(word * kBits + bit));
      }
    }
    words_.clear();
  }

 private:
  static constexpr size_t kBits = 64;
  static size_t Word(int descriptor) { return static_cast<size_t>(descriptor) / kBits; }
  static uint64_t Bit(int descriptor) { return uint64_t{1} << (static_cast<size_t>(descriptor) % kBits); }

  std::vector<uint64_t> words_;
};

}  // namespace hostmq

#endif  // HOSTMQ_POSIX_DESCRIPTOR_REGISTRY_H_
