import { testCompetingConsumers } from "./competing.js";

testCompetingConsumers(10_000);
