// Strings of any length and content come whole out of Utf8InScratch, behind a header of any size. A stub stands for
// Node-API, which stops before a character that does not fit whole.
#include "arguments.h"

#include <cstdlib>
#include <string>

namespace {

// Where the last character that fits into `room` bytes ends.
size_t WholeCharacters(const std::string& text, size_t room) {
  if (text.size() <= room) return text.size();
  while (room > 0 && (static_cast<uint8_t>(text[room]) & 0xc0) == 0x80) room--;
  return room;
}

void Require(bool condition) {
  if (!condition) abort();
}

// Characters of one to four bytes; what the input chooses is their width and, of each byte, some bits.
std::string TextFrom(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t at = 0; at < size; at++) {
    const uint8_t byte = data[at];
    const int width = byte < 0x80 ? 1 : byte < 0xc0 ? 2 : byte < 0xe0 ? 3 : 4;
    constexpr uint8_t kFirst[] = {0x00, 0xc2, 0xe1, 0xf1};
    text.push_back(static_cast<char>(width == 1 ? byte : kFirst[width - 1] | (byte & 1)));
    for (int more = 1; more < width; more++) text.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
  }
  return text;
}

}  // namespace

extern "C" {

napi_status napi_get_value_string_utf8(napi_env, napi_value value, char* buffer, size_t size, size_t* result) {
  const auto& text = *reinterpret_cast<std::string*>(value);
  if (buffer == nullptr) {
    *result = text.size();
    return napi_ok;
  }
  if (size == 0) {
    *result = 0;
    return napi_ok;
  }
  *result = WholeCharacters(text, size - 1);
  memcpy(buffer, text.data(), *result);
  buffer[*result] = '\0';
  return napi_ok;
}

napi_status napi_get_typedarray_info(napi_env, napi_value, napi_typedarray_type*, size_t*, void**, napi_value*,
                                     size_t*) {
  return napi_invalid_arg;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  const size_t header = data[0] & 15;
  hostmq::Scratch scratch;
  // So that the end of the memory falls on every place of the text.
  std::string text = TextFrom(data + 3, size - 3);
  const size_t padding = (data[1] * 256u + data[2]) % (scratch.size() + 64);
  if (text.size() < padding) text.insert(0, padding - text.size(), 'x');
  for (int again = 0; again < 2; again++) {
    const hostmq::Bytes bytes = hostmq::Utf8InScratch(nullptr, reinterpret_cast<napi_value>(&text), &scratch, header);
    Require(bytes.data == scratch.data() + header);
    Require(bytes.length == text.size());
    Require(memcmp(bytes.data, text.data(), text.size()) == 0);
  }
  const hostmq::Bytes all = hostmq::BodyOf(nullptr, reinterpret_cast<napi_value>(&text), &scratch);
  const hostmq::Bytes rest = all.From(padding);
  Require(padding > all.length ? rest.length == 0 && rest.data == nullptr : rest.length == all.length - padding);
  return 0;
}

}  // extern "C"
