import type { ChannelHarness } from '../src/channel/harness.ts';
import { b2bCxmlHarness } from './b2b-cxml/testing.ts';
import { exportPortalHarness } from './export-portal/testing.ts';
import { gmarketEsmHarness } from './gmarket-esm/testing.ts';

/**
 * The harness of every registered adapter, by its id. Apart from the list of adapters, so that a service in production
 * does not load sandboxes.
 */
export const harnesses: Readonly<Record<string, ChannelHarness>> = {
  'gmarket-esm': gmarketEsmHarness,
  'export-portal': exportPortalHarness,
  'b2b-cxml': b2bCxmlHarness,
};
