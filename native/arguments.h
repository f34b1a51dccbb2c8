#ifndef HOSTMQ_ARGUMENTS_H_
#define HOSTMQ_ARGUMENTS_H_

#include <node_api.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scratch.h"

namespace hostmq {

// Reads of arguments that TypeScript has already validated; whatever slipped through reads as zero or empty, so
// that the system call refuses it and nothing is read out of bounds.
template <size_t kCount>
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kCount;
    napi_get_cb_info(env, info, &count, values_, nullptr, &data_);
  }

  napi_value operator[](size_t index) const { return values_[index]; }

  template <typename Instance>
  Instance* Owner() const {
    return static_cast<Instance*>(data_);
  }

  int32_t Int32(size_t index) const {
    int32_t value = 0;
    napi_get_value_int32(env_, values_[index], &value);
    return value;
  }

  uint32_t Uint32(size_t index) const {
    uint32_t value = 0;
    napi_get_value_uint32(env_, values_[index], &value);
    return value;
  }

  double Double(size_t index) const {
    double value = 0;
    napi_get_value_double(env_, values_[index], &value);
    return value;
  }

  // A number, or a bigint where 53 bits do not suffice.
  int64_t Int64(size_t index) const {
    int64_t value = 0;
    if (napi_get_value_int64(env_, values_[index], &value) == napi_number_expected) {
      bool lossless;
      napi_get_value_bigint_int64(env_, values_[index], &value, &lossless);
    }
    return value;
  }

 private:
  napi_env env_;
  napi_value values_[kCount] = {};
  void* data_ = nullptr;
};

struct Bytes {
  uint8_t* data = nullptr;
  size_t length = 0;

  // There was no memory for them.
  bool missing() const { return data == nullptr && length > 0; }
  // The part from `offset` on; empty where that lies outside.
  Bytes From(size_t offset) const { return offset > length ? Bytes{} : Bytes{data + offset, length - offset}; }
};

// The memory of a Uint8Array or a Float64Array.
inline bool GetBytes(napi_env env, napi_value value, Bytes* bytes) {
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok) return false;
  *bytes = {static_cast<uint8_t*>(data), type == napi_float64_array ? length * sizeof(double) : length};
  return true;
}

inline Bytes BytesOf(napi_env env, napi_value value) {
  Bytes bytes;
  GetBytes(env, value, &bytes);
  return bytes;
}

// Writes the UTF-8 bytes of a string behind `header` bytes of the scratch memory; they are `missing` when that cannot
// be had. Asks for the length only when the string may not have fitted, for asking walks through the whole string.
inline Bytes Utf8InScratch(napi_env env, napi_value value, Scratch* scratch, size_t header) {
  constexpr size_t kLongestCharacter = 4;
  constexpr size_t kLeastRoom = 64;
  if (!scratch->Reserve(header + kLeastRoom)) return {nullptr, kLeastRoom};
  size_t room = scratch->size() - header;
  size_t length = 0;
  char* text = reinterpret_cast<char*>(scratch->data() + header);
  napi_get_value_string_utf8(env, value, text, room, &length);
  if (length + kLongestCharacter >= room) {
    size_t whole = 0;
    napi_get_value_string_utf8(env, value, nullptr, 0, &whole);
    if (!scratch->Reserve(header + whole + 1)) return {nullptr, whole};
    text = reinterpret_cast<char*>(scratch->data() + header);
    napi_get_value_string_utf8(env, value, text, whole + 1, &length);
  }
  return {reinterpret_cast<uint8_t*>(text), length};
}

// A message body: a string stands for its UTF-8 bytes; bytes are used where they lie.
inline Bytes BodyOf(napi_env env, napi_value value, Scratch* scratch) {
  Bytes bytes;
  return GetBytes(env, value, &bytes) ? bytes : Utf8InScratch(env, value, scratch, 0);
}

}  // namespace hostmq

#endif  // HOSTMQ_ARGUMENTS_H_
