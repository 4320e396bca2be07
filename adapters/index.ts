import { gmarketEsm } from './gmarket-esm/index.ts';

/** Every channel this build knows. A new channel is one folder beside this file and one line here. */
export const adapters = [gmarketEsm] as const;
