import { z } from 'zod';
import { listRates } from '../../store/exchange-rates.ts';
import { importRates } from '../../sync/import-rates.ts';
import { defineCommand } from '../command.ts';
import { notes, table } from '../output.ts';

/** `naru rates import FILE` */
export const importRatesCommand = defineCommand({
  name: 'rates import',
  input: z.object({ file: z.json() }),
  run: async (app, input) => {
    const { rates, refused } = await importRates(app.deps, input.file);
    return {
      rates,
      refused: refused.map(({ row, messageKo, messageEn }) => ({ row, message_ko: messageKo, message_en: messageEn })),
    };
  },
  text: (answer) => {
    const line = `환율 ${answer.rates}건을 넣었습니다. / ${answer.rates} exchange rates imported`;
    const refused = answer.refused.map((one) => ({
      ...one,
      head: [`${one.row}번째 / no. ${one.row}`, '거절 refused'],
    }));
    return [line, ...(refused.length > 0 ? [notes(refused)] : [])].join('\n');
  },
  failed: (answer) => answer.refused.length > 0,
});

/** `naru rates list` */
export const listRatesCommand = defineCommand({
  name: 'rates list',
  input: z.object({}),
  run: async (app) => ({
    rates: (await listRates(app.store)).map(({ currency, day, krwPerUnit, source }) => {
      return { currency, day, krw_per_unit: krwPerUnit, source };
    }),
  }),
  text: (answer) =>
    table(
      ['통화 currency', '기준일 day', '1단위당 원 won per unit', '출처 source'],
      answer.rates.map((rate) => [rate.currency, rate.day, rate.krw_per_unit, rate.source]),
    ),
});
