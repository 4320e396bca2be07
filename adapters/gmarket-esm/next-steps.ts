/** The ends of sentences for staff: what to do once the thing the sentence complains of is corrected. */

export const importAgain = {
  ko: '카탈로그를 다시 가져와 주십시오(`naru products import FILE`).',
  en: 'import the catalogue again (`naru products import FILE`).',
};

/** `ID` is for people to fill in: a document is rendered without knowing whose account it is for. */
export const importMappings = {
  ko: '매핑을 다시 가져와 주십시오(`naru mappings import FILE --account ID`).',
  en: 'import the mappings again (`naru mappings import FILE --account ID`).',
};
