# A System V peer in Python: send KEY TYPE HEX… | receive KEY COUNT. Says "open", then what it received, "TYPE HEX".
import sys

import sysv_ipc

action, key, *rest = sys.argv[1:]
queue = sysv_ipc.MessageQueue(int(key))
print("open", flush=True)
if action == "send":
    for kind, body in zip(rest[::2], rest[1::2]):
        queue.send(bytes.fromhex(body), True, int(kind))
else:
    for _ in range(int(rest[0])):
        body, kind = queue.receive()
        print(kind, body.hex(), flush=True)
