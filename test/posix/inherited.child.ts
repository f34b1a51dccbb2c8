/** DESCRIPTOR: adopts it, receives one message and answers "pong". */
import { PosixQueue } from "hostmq";

using queue = PosixQueue.fromDescriptor(Number(process.argv[2]));
const receive = queue.receive();
console.log(`adopted ${queue.name}`);
console.log(`received ${(await receive).body.toString()}`);
await queue.send("pong");
