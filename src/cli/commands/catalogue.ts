import { z } from 'zod';
import { writeCatalogue } from '../../sync/write-catalogue.ts';
import { defineCommand } from '../command.ts';

/** `naru catalogue write ACCOUNT --format F --out FILE` */
export const writeCatalogueCommand = defineCommand({
  name: 'catalogue write',
  input: z.object({ accountId: z.string(), format: z.string(), path: z.string() }),
  run: async (app, input, tools) => {
    const onProgress = (items: number) => tools.progress('쓰는 중 / writing', items, null);
    const { items } = await writeCatalogue(app.deps, { ...input, onProgress });
    return { account: input.accountId, format: input.format, items, file: input.path };
  },
  text: (answer) => `상품 ${answer.items}개 / products: ${answer.file}`,
});
