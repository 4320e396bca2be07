import type { ChannelHarness } from '../src/channel/harness.ts';
import { gmarketEsmHarness } from './gmarket-esm/testing.ts';

/**
 * The harness of every registered adapter, by its id. Apart from the list of adapters, so that a service in production
 * does not load sandboxes.
 */
export const harnesses: Readonly<Record<string, ChannelHarness>> = {
  'gmarket-esm': gmarketEsmHarness,
};
