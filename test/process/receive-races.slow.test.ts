import { testReceiveRaces } from "./receive-races.js";

testReceiveRaces(10_000);
