/*
 * The frame reader of hostmq.h: bytes are no frame, or each message lies inside of them, and written again they are the
 * same frame. The first byte of an input says whether the rest is taken as it is or given the checksum that it lacks,
 * which no mutation would find.
 */
#include "hostmq.h"

static void require(int condition) {
  if (!condition) abort();
}

/* In memory of exactly this length, so that AddressSanitizer watches both ends. */
static unsigned char* copy_of(const unsigned char* data, size_t size, int mend) {
  unsigned char* copy = (unsigned char*)malloc(size == 0 ? 1 : size);
  require(copy != NULL);
  if (size > 0) memcpy(copy, data, size);
  if (mend && size >= HOSTMQ_FRAME_HEADER) {
    hostmq_put32(copy, 0x514d4893u);
    hostmq_put32(copy + 12, (uint32_t)size);
    hostmq_put32(copy + 4, hostmq_crc32(copy + 8, size - 8));
  }
  return copy;
}

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  struct hostmq_frame_reader reader;
  struct hostmq_frame frame;
  const void* body;
  size_t length;
  size_t messages = 0;
  unsigned char* received;
  unsigned char* again;
  if (size == 0) return 0;
  received = copy_of(data + 1, size - 1, data[0] & 1);
  if (hostmq_frame_open(&reader, received, size - 1) == -1) {
    require(errno == EBADMSG);
    require(hostmq_frame_next(&reader, &body, &length) == 0);
    free(received);
    return 0;
  }
  again = (unsigned char*)malloc(size - 1);
  require(again != NULL);
  hostmq_frame_begin(&frame, again, size - 1);
  while (hostmq_frame_next(&reader, &body, &length) == 1) {
    const unsigned char* start = (const unsigned char*)body;
    require(start >= received && length <= size - 1 && start + length <= received + size - 1);
    require(hostmq_frame_add(&frame, body, length) == 0);
    messages++;
  }
  require(messages >= 1 && messages <= HOSTMQ_FRAME_MESSAGES);
  require(hostmq_frame_end(&frame) == size - 1);
  require(memcmp(again, received, size - 1) == 0);
  free(again);
  free(received);
  return 0;
}
