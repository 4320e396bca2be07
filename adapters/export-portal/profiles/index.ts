import type { ExportTemplate } from '../template.ts';
import { buykorea } from './buykorea.ts';
import { ec21 } from './ec21.ts';
import { gobizkorea } from './gobizkorea.ts';
import { s2b } from './s2b.ts';
import { tradekorea } from './tradekorea.ts';

export const profileIds = ['ec21', 'tradekorea', 'buykorea', 'gobizkorea', 's2b'] as const;
export type ProfileId = (typeof profileIds)[number];

/** The forms that come with the adapter, by the name that settings and mappings use. */
export const profiles: Readonly<Record<ProfileId, ExportTemplate>> = { ec21, tradekorea, buykorea, gobizkorea, s2b };
