import { testReceiveRaces } from "./receive-races.js";

testReceiveRaces(1000);
