# A POSIX peer in Python, over libc: send NAME PRIORITY HEX… | receive NAME COUNT. Says "open", then what it received,
# "PRIORITY HEX".
import ctypes
import os
import sys

try:
    libc = ctypes.CDLL("librt.so.1", use_errno=True)
except OSError:
    libc = ctypes.CDLL(None, use_errno=True)
libc.mq_receive.restype = ctypes.c_ssize_t
libc.mq_receive.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_uint)]
libc.mq_send.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint]


def check(result):
    if result < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    return result


action, name, *rest = sys.argv[1:]
queue = check(libc.mq_open(name.encode(), os.O_RDWR))
print("open", flush=True)
if action == "send":
    for priority, text in zip(rest[::2], rest[1::2]):
        body = bytes.fromhex(text)
        check(libc.mq_send(queue, body, len(body), int(priority)))
else:
    buffer = ctypes.create_string_buffer(1024)
    priority = ctypes.c_uint()
    for _ in range(int(rest[0])):
        length = check(libc.mq_receive(queue, buffer, len(buffer), ctypes.byref(priority)))
        print(priority.value, buffer.raw[:length].hex(), flush=True)
