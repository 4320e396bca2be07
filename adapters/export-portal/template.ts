import { z } from 'zod';
import { isSourceWord } from './sources.ts';

/** What a length limit counts: letters, bytes of UTF-8, or bytes of CP949 (a Korean letter is two). */
export const lengthUnits = ['characters', 'utf8-bytes', 'cp949-bytes'] as const;
export type LengthUnit = (typeof lengthUnits)[number];

const columnSchema = z.strictObject({
  key: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  heading: z.string().min(1).max(200).describe('Heading as the portal spells it'),
  source: z
    .string()
    .nullable()
    .refine(
      (source) => source === null || isSourceWord(source),
      '알 수 없는 source입니다. 프로필의 낱말, =고정값, 또는 null을 쓰십시오 / unknown source: a known word, =fixed text, or null',
    )
    .describe('Word of a source value, `=` and a fixed text, or null where a person fills the cell in'),
  required: z.boolean().optional(),
  latin: z.boolean().optional().describe('Only Latin letters may stand here'),
  maxLength: z.strictObject({ count: z.int().min(1).max(32_767), unit: z.enum(lengthUnits) }).optional(),
  codes: z.record(z.string(), z.string()).optional().describe("Our value -> the portal's word"),
  note: z.string().optional().describe('Rule of the column for the Guide sheet'),
});

/** A portal's form as data: a form that is obtained later is configuration and no code. */
export const templateSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      .max(30)
      .describe('Names the portal in mappings, file names and receipts'),
    name: z.strictObject({ ko: z.string().min(1), en: z.string().min(1) }),
    version: z.string().min(1).max(40),
    assumed: z.array(z.string()).describe('What nobody has confirmed about this form'),
    columns: z.array(columnSchema).min(1).max(200),
  })
  .superRefine((template, context) => {
    for (const part of ['key', 'heading'] as const) {
      const seen = new Set<string>();
      for (const [index, column] of template.columns.entries()) {
        if (seen.has(column[part])) {
          context.addIssue({
            code: 'custom',
            path: ['columns', index, part],
            message: `같은 ${part}가 두 번 있습니다 / the same ${part} twice`,
          });
        }
        seen.add(column[part]);
      }
    }
  });

export type TemplateColumn = z.output<typeof columnSchema>;
export type ExportTemplate = z.output<typeof templateSchema>;
