// What libstdc++ would have brought. The addon links against no library at all, so that one file runs with
// every libc and every runtime; whatever it would throw ends the process instead.

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>

namespace {

[[noreturn]] void End(const char* why, std::size_t length) {
  // The process ends: nobody is left to be told of a failed write.
  if (write(STDERR_FILENO, why, length) < 0) abort();
  abort();
}

template <std::size_t kSize>
[[noreturn]] void End(const char (&why)[kSize]) {
  End(why, kSize - 1);
}

[[noreturn]] void OutOfMemory() { End("hostmq: out of memory\n"); }
[[noreturn]] void Broken() { End("hostmq: a fault of the package; please report it\n"); }

}  // namespace

void* operator new(std::size_t size) {
  void* memory = malloc(size == 0 ? 1 : size);
  if (memory == nullptr) OutOfMemory();
  return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return malloc(size == 0 ? 1 : size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return malloc(size == 0 ? 1 : size); }
void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, std::size_t) noexcept { free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { free(memory); }

extern "C" void __cxa_pure_virtual() { Broken(); }

namespace std {
void terminate() noexcept { Broken(); }
[[noreturn]] void __glibcxx_assert_fail(const char*, int, const char*, const char*) noexcept { Broken(); }
[[noreturn]] void __throw_bad_alloc() { OutOfMemory(); }
[[noreturn]] void __throw_bad_array_new_length() { Broken(); }
[[noreturn]] void __throw_bad_function_call() { Broken(); }
[[noreturn]] void __throw_length_error(const char*) { Broken(); }
[[noreturn]] void __throw_logic_error(const char*) { Broken(); }
[[noreturn]] void __throw_out_of_range_fmt(const char*, ...) { Broken(); }
}  // namespace std
