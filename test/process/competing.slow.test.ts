import { testCompetingConsumers } from "./competing.js";

testCompetingConsumers(100_000);
