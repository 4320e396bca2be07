/** Regions that the locale data names and ISO 3166-1 does not assign, or only reserves. */
const notAssigned: ReadonlySet<string> = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));

/** Other names that portals and buyers use; the usual ones come from the locale data. */
const otherNames: Record<string, string> = {
  US: 'USA|U.S.A.|U.S.|United States of America|America|미국|미합중국',
  GB: 'UK|U.K.|Great Britain|Britain|England|Scotland|Wales|GBR|영국',
  VN: 'Viet Nam|Vietnam|VNM|베트남|월남',
  CN: "People's Republic of China|P.R. China|PR China|PRC|P.R.C.|Mainland China|CHN|중국|중화인민공화국",
  KR: 'Korea|South Korea|Republic of Korea|Korea Republic of|R.O.K.|ROK|KOR|한국|대한민국|남한',
  KP: 'DPRK|North Korea|북한',
  JP: 'JPN|Japan|일본',
  TW: 'Taiwan|Taiwan R.O.C.|TWN|대만|타이완|중화민국',
  HK: 'Hong Kong|Hongkong|HKG|Hong Kong SAR|홍콩',
  MO: 'Macao|Macau|마카오',
  AE: 'UAE|U.A.E.|Emirates|ARE|아랍에미리트연합|아랍에미레이트|아랍에미리트',
  SA: 'KSA|Kingdom of Saudi Arabia|SAU|사우디|사우디아라비아',
  RU: 'Russian Federation|RUS|러시아연방|러시아',
  DE: 'DEU|Deutschland|독일',
  FR: 'FRA|프랑스|불란서',
  NL: 'NLD|Holland|The Netherlands|네덜란드|화란',
  TR: 'TUR|Turkey|Türkiye|Turkiye|터키|튀르키예',
  CZ: 'CZE|Czech Republic|Czechia|체코|체코공화국',
  AU: 'AUS|호주|오스트레일리아',
  NZ: 'NZL|뉴질랜드',
  TH: 'THA|태국|타이',
  ID: 'IDN|인니|인도네시아',
  IN: 'IND|Bharat|인도',
  PH: 'PHL|Republic of the Philippines|필리핀',
  MY: 'MYS|말레이지아|말레이시아',
  SG: 'SGP|싱가폴|싱가포르',
  IT: 'ITA|이태리|이탈리아',
  ES: 'ESP|스페인|에스파냐',
  CA: 'CAN|캐나다',
  MX: 'MEX|멕시코',
  BR: 'BRA|브라질',
  PL: 'POL|폴란드',
  IR: 'Islamic Republic of Iran|IRN|이란',
  LA: 'Lao PDR|Laos|라오스',
  MM: 'Burma|미얀마|버마',
  CI: "Ivory Coast|Cote d'Ivoire|코트디부아르",
  CD: 'DR Congo|Democratic Republic of the Congo|콩고민주공화국',
  MK: 'Macedonia|마케도니아',
  MD: 'Republic of Moldova',
  BO: 'Plurinational State of Bolivia',
  VE: 'Bolivarian Republic of Venezuela',
  TZ: 'United Republic of Tanzania',
  SY: 'Syrian Arab Republic',
  SZ: 'Swaziland',
  BN: 'Brunei Darussalam',
  UZ: '우즈벡|우즈베키스탄',
  KZ: '카자흐|카자흐스탄',
  MN: '몽고|몽골',
  ZA: 'RSA|Republic of South Africa|남아공|남아프리카',
};

const codes = assignedCodes();
const codeOfName = namesToCodes();

/** ISO 3166-1 alpha-2 of a country as portals write it (`독일`, `Germany (Berlin)`, `UK`, `DE`); null when unknown. */
export function countryCodeOf(text: string): string | null {
  const whole = lookUp(text);
  if (whole) return whole;
  for (const part of text.slice(0, 200).split(/[()[\]/,|·:;\n（）-]/)) {
    const code = lookUp(part);
    if (code) return code;
  }
  return null;
}

function lookUp(text: string): string | null {
  const trimmed = text.normalize('NFKC').trim();
  const upper = trimmed.toUpperCase();
  if (codes.has(upper)) return upper;
  return codeOfName.get(squeeze(trimmed)) ?? null;
}

function assignedCodes(): Set<string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const all = letters.flatMap((first) => letters.map((second) => first + second));
  return new Set(
    all.filter(
      // A code that was withdrawn (DD, SU) turns into its successor.
      (code) =>
        !notAssigned.has(code) &&
        names.of(code) !== undefined &&
        Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`,
    ),
  );
}

function namesToCodes(): Map<string, string> {
  const found = new Map<string, string>();
  for (const language of ['en', 'ko']) {
    for (const style of ['long', 'short'] as const) {
      const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none', style });
      for (const code of codes) found.set(squeeze(names.of(code) ?? code), code);
    }
  }
  for (const [code, names] of Object.entries(otherNames)) {
    for (const name of names.split('|')) found.set(squeeze(name), code);
  }
  return found;
}

function squeeze(name: string): string {
  const letters = name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/^\s*the\s+/, '');
  return letters.replace(/[^\p{L}]/gu, '');
}
