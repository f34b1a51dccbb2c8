import { testKills } from "./kills.js";

testKills(4);
