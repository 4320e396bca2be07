import { z } from 'zod';

/** A schema's own message in both languages; `fieldFaults` takes it apart again. */
export function inBoth(ko: string, en: string): string {
  return `${ko}\n${en}`;
}

const locales = { ko: z.locales.ko().localeError, en: z.locales.en().localeError };

/**
 * What is wrong with a value that `schema` does not take, field by field, once in each language. Fields are named by
 * their path, after `prefix` where the value is a part of something; values are never repeated, one may be a key.
 */
export function fieldFaults(
  schema: z.ZodType,
  value: unknown,
  prefix: readonly string[] = [],
): { ko: string; en: string } {
  const told = (language: 'ko' | 'en') => {
    // Messages are made while parsing, so each language takes a pass of its own; it is only taken for what is refused.
    const { error } = schema.safeParse(value, { error: locales[language] });
    const issues = (error?.issues ?? []).map(({ path, message }) => {
      const [ko = message, en = ko] = message.split('\n');
      return `${[...prefix, ...path].join('.') || '(file)'}: ${language === 'ko' ? ko : en}`;
    });
    return issues.join('; ');
  };
  return { ko: told('ko'), en: told('en') };
}
