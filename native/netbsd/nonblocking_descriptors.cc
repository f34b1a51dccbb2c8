#include "nonblocking_descriptors.h"

#include <atomic>
#include <cstdint>

namespace hostmq {

namespace {

constexpr int kBits = 64;
constexpr int kDescriptors = 65536;
std::atomic<uint64_t> words[kDescriptors / kBits];

bool InRange(int descriptor) { return descriptor >= 0 && descriptor < kDescriptors; }
uint64_t Bit(int descriptor) { return uint64_t{1} << (descriptor % kBits); }

}  // namespace

bool IsNonblocking(int descriptor) {
  return InRange(descriptor) && (words[descriptor / kBits].load(std::memory_order_relaxed) & Bit(descriptor)) != 0;
}

bool SetNonblocking(int descriptor, bool nonblocking) {
  if (!InRange(descriptor)) return !nonblocking;
  if (nonblocking) {
    words[descriptor / kBits].fetch_or(Bit(descriptor), std::memory_order_relaxed);
  } else {
    words[descriptor / kBits].fetch_and(~Bit(descriptor), std::memory_order_relaxed);
  }
  return true;
}

}  // namespace hostmq
