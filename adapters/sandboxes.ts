import type { StartSandbox } from '../src/channel/sandbox.ts';
import { startCxmlSandbox } from './b2b-cxml/sandbox/index.ts';
import { startPortalSandbox } from './export-portal/sandbox/index.ts';
import { startGmarketSandbox } from './gmarket-esm/sandbox/index.ts';

/** The sandbox of every adapter; loaded only by `naru sandbox`, the demo and tests. */
export const sandboxes: Readonly<Record<string, StartSandbox>> = {
  'gmarket-esm': startGmarketSandbox,
  'export-portal': startPortalSandbox,
  'b2b-cxml': startCxmlSandbox,
};
