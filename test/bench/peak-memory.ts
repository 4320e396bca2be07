/** Loaded before the measured program: tells, on the pipe it was started with, how much memory it held at most. */

import { writeSync } from 'node:fs';

const pipe = 3;
process.once('exit', () => writeSync(pipe, String(process.resourceUsage().maxRSS)));
