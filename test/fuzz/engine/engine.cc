// libFuzzer for JavaScript: clang's own engine inside of Node, fed with the counters of instrumented modules. One call
// of `run` is one fuzzing session and ends the process as libFuzzer does.
#include <node_api.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// The interface between a compiler's instrumentation and libFuzzer: sanitizer/coverage_interface.h,
// fuzzer/FuzzerInterface.h
extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*callback)(const uint8_t* data, size_t size));
void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end);
void __sanitizer_cov_pcs_init(const uintptr_t* begin, const uintptr_t* end);
void __sanitizer_cov_trace_const_cmp8(uint64_t first, uint64_t second);
void __sanitizer_weak_hook_strcmp(void* caller, const char* first, const char* second, int result);
}

namespace {

// The JavaScript thread is the fuzzing thread: `run` does not return while these are in use.
napi_env current_env;
napi_value current_target;

template <size_t kCount>
struct Arguments {
  Arguments(napi_env env, napi_callback_info info) {
    size_t count = kCount;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }
  napi_value values[kCount];
};

std::string Text(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

// watch(counters: Uint8Array): counts the edges of one module from now on. The caller keeps the array alive.
napi_value Watch(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  void* counters = nullptr;
  size_t length = 0;
  napi_get_typedarray_info(env, arguments.values[0], nullptr, &length, &counters, nullptr, nullptr);
  auto* first = static_cast<uint8_t*>(counters);
  __sanitizer_cov_8bit_counters_init(first, first + length);
  // libFuzzer counts covered edges by program counters; an edge of JavaScript has none, and its address is as good.
  auto* places = new std::vector<uintptr_t>();
  for (size_t edge = 0; edge < length; edge++) {
    places->push_back(reinterpret_cast<uintptr_t>(first + edge));
    places->push_back(0);  // no flags
  }
  __sanitizer_cov_pcs_init(places->data(), places->data() + places->size());
  return nullptr;
}

// compareNumbers(first: number, second: number): what was compared is what mutations try next.
napi_value CompareNumbers(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  int64_t numbers[2] = {};
  for (int index = 0; index < 2; index++) napi_get_value_int64(env, arguments.values[index], &numbers[index]);
  __sanitizer_cov_trace_const_cmp8(static_cast<uint64_t>(numbers[0]), static_cast<uint64_t>(numbers[1]));
  return nullptr;
}

// compareStrings(first: string, second: string): likewise.
napi_value CompareStrings(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const std::string first = Text(env, arguments.values[0]);
  const std::string second = Text(env, arguments.values[1]);
  __sanitizer_weak_hook_strcmp(reinterpret_cast<void*>(&CompareStrings), first.c_str(), second.c_str(), 1);
  return nullptr;
}

int RunOne(const uint8_t* data, size_t size) {
  napi_handle_scope scope;
  napi_open_handle_scope(current_env, &scope);
  napi_value input;
  napi_value receiver;
  napi_create_buffer_copy(current_env, size, data, nullptr, &input);
  napi_get_undefined(current_env, &receiver);
  if (napi_call_function(current_env, receiver, current_target, 1, &input, nullptr) != napi_ok) {
    // The target has said why. libFuzzer keeps the input when it sees this signal.
    abort();
  }
  napi_close_handle_scope(current_env, scope);
  return 0;
}

// run(target: (input: Buffer) => void, words: string[]): never returns; a target that throws is a finding.
napi_value Run(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  uint32_t count = 0;
  napi_get_array_length(env, arguments.values[1], &count);
  std::vector<std::string> words;
  for (uint32_t index = 0; index < count; index++) {
    napi_value word;
    napi_get_element(env, arguments.values[1], index, &word);
    words.push_back(Text(env, word));
  }
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(&word[0]);
  pointers.push_back(nullptr);
  int argc = static_cast<int>(count);
  char** argv = pointers.data();
  current_env = env;
  current_target = arguments.values[0];
  // libFuzzer ends with exit(), which would take Node apart while its JavaScript runs.
  on_exit(
      [](int status, void*) {
        fflush(nullptr);
        _exit(status);
      },
      nullptr);
  exit(LLVMFuzzerRunDriver(&argc, &argv, RunOne));
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"watch", nullptr, Watch, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"compareNumbers", nullptr, CompareNumbers, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"compareStrings", nullptr, CompareStrings, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"run", nullptr, Run, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}

}  // namespace

NAPI_MODULE(hostmq_fuzz_engine, Init)
