import { b2bCxml } from './b2b-cxml/index.ts';
import { exportPortal } from './export-portal/index.ts';
import { gmarketEsm } from './gmarket-esm/index.ts';

/** Every channel this build knows. A new channel is one folder beside this file and one line here. */
export const adapters = [gmarketEsm, exportPortal, b2bCxml] as const;
