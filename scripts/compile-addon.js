#!/usr/bin/env node
// Compiles the addon from the installed package, for a system that no prebuilt file fits. Needs a C++ compiler; runs only
// when a person says so, for install scripts are blocked in many places. It does not load the addon, which would fail.
import { buildAddon } from "../dist/addon-building.js";

process.exitCode = buildAddon();
