import { testSendRaces } from "./send-races.js";

testSendRaces(1000);
