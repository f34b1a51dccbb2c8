import { testSendRaces } from "./send-races.js";

testSendRaces(10_000);
