import type { Refusal, Remark } from '../store/listings.ts';
import { sentenceFor } from './error-sentences.ts';
import { readBackCodes } from './judge-listing.ts';
import { refusedSite } from './push-failures.ts';

/** What happened to a listing and what to do next, for staff. */
export interface Sentence {
  ko: string;
  en: string;
}

/** What is refused: by the channel's answer, or as a read-back found it. */
export function refusalSentence(sku: string, accountId: string, refusal: Refusal): Sentence {
  const { operation, code, message, field, site, passing } = refusal;
  const place = placeOf(sku, accountId, site);
  const reason = message ? ` [${message}]` : '';
  switch (code) {
    case readBackCodes.silent:
      return {
        ko: `${place.ko}: 채널이 변경을 받았다고 답했지만 ${field} 값이 그대로입니다(원하는 값 → 남은 값: ${message}). 채널의 판매자 화면에서 직접 고치거나 카탈로그를 채널 값에 맞춰 주십시오.`,
        en: `${place.en}: the channel said yes but kept its ${field} (wanted → kept: ${message}). Change it by hand at the channel, or make the catalogue agree with the channel.`,
      };
    case readBackCodes.blocked:
      return {
        ko: `${place.ko}: 채널이 판매를 막았습니다. 채널의 판매자 화면에서 사유를 확인하고 해결한 뒤 \`naru dead-letters replay\`로 다시 확인해 주십시오.${reason}`,
        en: `${place.en}: the channel stopped the sale. See the reason at the channel, settle it there, then have it looked at again with \`naru dead-letters replay\`.${reason}`,
      };
    case readBackCodes.missing:
      return {
        ko: `${place.ko}: 이 사이트에 상품이 없습니다. 채널이 받지 않았거나 등록한 뒤에 삭제되었습니다. 채널의 판매자 화면에서 사유를 확인한 뒤, 다시 올리려면 \`naru dead-letters replay\`를 실행해 주십시오. 상품 내용이 바뀌면 자동으로 다시 올립니다.${reason}`,
        en: `${place.en}: this site does not have the product. It was refused after all, or deleted later. See the reason at the channel; to put it up again, run \`naru dead-letters replay\`. When the product changes it is put up by itself.${reason}`,
      };
    case readBackCodes.stuck:
      return {
        ko: `${place.ko}: 채널이 받았다고 답했지만 원하는 상태로 보이지 않습니다. 채널의 판매자 화면에서 상태를 확인한 뒤 \`naru dead-letters replay\`로 다시 보내 주십시오.`,
        en: `${place.en}: the channel accepted it but it does not show as wanted. See its state at the channel, then send it again with \`naru dead-letters replay\`.`,
      };
    default: {
      if (site !== null) {
        const { messageKo, messageEn } = refusedSite(sku, accountId, { site, code, message });
        return { ko: messageKo, en: messageEn };
      }
      const kind = passing ?? 'rejected';
      return sentenceFor({ sku, accountId, operation, kind, code, channelMessage: message || null });
    }
  }
}

/** What was changed at the channel; it is left as it is. */
export function remarkSentence(sku: string, accountId: string, remark: Remark): Sentence {
  const place = placeOf(sku, accountId, remark.site);
  const change = `${remark.wanted} → ${remark.seen}`;
  switch (remark.code) {
    case 'STOPPED_AT_CHANNEL':
      return {
        ko: `${place.ko}: 채널에서 판매가 중지되어 있습니다. Naru가 중지한 것이 아니므로 그대로 둡니다. 다시 팔려면 채널의 판매자 화면에서 판매를 재개하거나, 모든 사이트가 중지되었다면 \`naru push\`를 실행해 주십시오. 팔지 않으려면 \`naru products suspend\`로 상품을 중지해 주십시오.`,
        en: `${place.en}: its sale is stopped at the channel. Naru did not stop it and leaves it so. To sell it again resume it at the channel, or run \`naru push\` where every site is stopped; if it is not to be sold, suspend the product (\`naru products suspend\`).`,
      };
    case 'PRICE_CHANGED':
      return {
        ko: `${place.ko}: 판매가가 채널에서 바뀌었습니다(보낸 값 → 지금 값: ${change}). 그대로 둡니다. 채널의 판매자 화면에서 되돌리거나, 지금 값이 맞다면 카탈로그의 판매가를 고쳐 다시 가져와 주십시오.`,
        en: `${place.en}: its price was changed at the channel (sent → now: ${change}). It is left so. Change it back at the channel, or, if it is right, correct the price in the catalogue and import it again.`,
      };
    case 'NAME_CHANGED':
      return {
        ko: `${place.ko}: 상품명이 채널에서 바뀌었습니다(보낸 값 → 지금 값: ${change}). 그대로 둡니다. 채널의 판매자 화면에서 되돌리거나 카탈로그의 상품명을 채널에 맞춰 주십시오.`,
        en: `${place.en}: its name was changed at the channel (sent → now: ${change}). It is left so. Change it back at the channel, or make the name in the catalogue agree with it.`,
      };
  }
}

function placeOf(sku: string, accountId: string, site: string | null): Sentence {
  const where = site ? ` (${site})` : '';
  return { ko: `상품 ${sku}, 계정 ${accountId}${where}`, en: `Product ${sku}, account ${accountId}${where}` };
}
