import type { Sentences } from '../../src/domain/product-rules/findings-of-product.ts';
import type { Origin } from './sources.ts';

/** The ends of sentences for staff: what to do once the value is corrected, by the place it comes from. */
export const nextSteps: Readonly<Record<Origin, Sentences>> = {
  catalogue: {
    ko: '카탈로그를 다시 가져와 주십시오(`naru products import FILE`).',
    en: 'import the catalogue again (`naru products import FILE`).',
  },
  images: {
    ko: '카탈로그를 다시 가져와 주십시오(`naru products import FILE`).',
    en: 'import the catalogue again (`naru products import FILE`).',
  },
  mappings: {
    ko: '매핑을 다시 가져와 주십시오(`naru mappings import FILE --account ID`).',
    en: 'import the mappings again (`naru mappings import FILE --account ID`).',
  },
  settings: {
    ko: '계정 설정을 바꿔 주십시오(`naru accounts add ID`).',
    en: 'change the settings of the account (`naru accounts add ID`).',
  },
};
