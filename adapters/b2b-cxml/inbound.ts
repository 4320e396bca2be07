import type {
  InboundAnswer,
  InboundGroup,
  InboundMessage,
  InboundOutcome,
  InboundResult,
} from '../../src/channel/inbound.ts';
import { parseSeoulInstant } from '../../src/domain/seoul-time.ts';
import { timestampOf } from './amounts.ts';
import { responseDocument, type StatusContent } from './envelope.ts';
import { checkOrderDates, type Envelope, readOrder } from './inbound-order.ts';
import { documentBytes } from './inbound-parts.ts';
import { openPunchOut } from './inbound-punchout.ts';
import { readQuote } from './inbound-quote.ts';
import { checkParties, isKnownSender } from './inbound-sender.ts';
import { pricedItem } from './item-document.ts';
import { Refusal, status } from './refusal.ts';
import type { CxmlCredentials, CxmlInboundContext, CxmlSettings } from './settings.ts';
import { visitPage } from './visit.ts';
import { requiredId } from './wire-values.ts';
import { attributeOf, childOf, textOf, type XmlElement } from './xml-element.ts';
import { readXml, XmlRefusal, xmlBounds } from './xml-reading.ts';
import type { XmlContent } from './xml-writing.ts';

/** What we take, in the order in which a ProfileResponse names it. */
const transactions = [
  'ProfileRequest',
  'PunchOutSetupRequest',
  'OrderRequest',
  'QuoteRequest',
  'StatusUpdateRequest',
] as const;

type Recorded = Pick<InboundResult, 'orders' | 'claims' | 'inquiries'>;
const nothing: Recorded = { orders: [], claims: [], inquiries: [] };

export const inbound: InboundGroup<CxmlSettings, CxmlCredentials> = {
  maxBytes: xmlBounds.maxBytes,
  receive,
  priceOf: (settings, offer) => pricedItem(settings, offer)?.price ?? null,
  tooLarge,
  visit: visitPage,
};

/** Judges one message of the partner. Whatever is wrong with it becomes a Status of the answer. */
async function receive(context: CxmlInboundContext, message: InboundMessage): Promise<InboundResult> {
  try {
    return await judge(context, readXml(await documentBytes(message)));
  } catch (error) {
    if (error instanceof XmlRefusal) {
      const reason = status(
        406,
        `The message cannot be read: ${error.message}.`,
        '메시지를 읽을 수 없습니다. 올바른 cXML로 보내십시오.',
      );
      return answered(context, reason);
    }
    if (error instanceof Refusal) return answered(context, error.status);
    throw error;
  }
}

async function judge(context: CxmlInboundContext, root: XmlElement): Promise<InboundResult> {
  if (root.name !== 'cXML') throw new Refusal(406, 'The root element is not cXML.', '최상위 요소가 cXML이 아닙니다.');
  const { settings } = context.account;
  if (!isKnownSender(childOf(root, 'Header'), settings, context.credentials)) {
    throw new Refusal(
      401,
      'The Sender credential is not known here. Check identity and shared secret.',
      'Sender의 식별자나 공유 비밀값이 맞지 않습니다. 확인하십시오.',
    );
  }
  checkParties(childOf(root, 'Header'), settings);
  const envelope: Envelope = {
    payloadId: requiredId(attributeOf(root, 'payloadID'), { en: 'payloadID', ko: 'payloadID' }),
    sentAt: parseSeoulInstant(attributeOf(root, 'timestamp') ?? ''),
    receivedAt: context.clock.now(),
  };
  const request = childOf(root, 'Request');
  const body = request?.children[0];
  switch (body?.name) {
    case 'ProfileRequest':
      return answered(context, status(200, '', ''), { ProfileResponse: profile(context) });
    case 'PunchOutSetupRequest': {
      const url = await openPunchOut(context, body);
      return answered(context, status(200, '', ''), { PunchOutSetupResponse: { StartPage: { URL: url } } });
    }
    case 'OrderRequest': {
      const read = (from: Envelope) => ({ ...nothing, ...readOrder(body, from) });
      const order = read(envelope);
      checkOrderDates(order, context.clock.now());
      if (attributeOf(request, 'deploymentMode') === 'test' && settings.deploymentMode === 'production') {
        // Booking a rehearsal would ship goods and count sales that nobody made.
        return answered(
          context,
          status(200, 'A test order; read and not recorded.', '시험 주문이라 확인만 하고 기록하지 않았습니다.'),
        );
      }
      return recorded(context, envelope, order, read(timeless(envelope)));
    }
    case 'QuoteRequest': {
      const buyer = textOf(root, 'Header', 'From', 'Credential', 'Identity') ?? null;
      const read = (from: Envelope) => ({ ...nothing, inquiries: readQuote(body, from, buyer) });
      return recorded(context, envelope, read(envelope), read(timeless(envelope)));
    }
    case 'StatusUpdateRequest':
      // News of how a document of ours fared; nothing here waits for it.
      return answered(context, status(200, '', ''));
    default:
      throw new Refusal(
        450,
        `This kind of message is not taken. Supported: ${transactions.join(', ')}.`,
        '지원하지 않는 문서입니다. ProfileRequest로 지원 목록을 확인하십시오.',
      );
  }
}

function profile(context: CxmlInboundContext): XmlContent {
  const { url } = context;
  return {
    '@effectiveDate': timestampOf(context.clock.now()),
    Transaction: transactions.map((name) => ({ '@requestName': name, URL: url })),
  };
}

/** Nothing to record: the answer is known already. */
function answered(
  context: CxmlInboundContext,
  content: StatusContent,
  body: { [name: string]: XmlContent } = {},
): InboundResult {
  const source = { id: context.account.id, at: context.clock.now() };
  return { messageId: null, says: null, ...nothing, answer: () => xmlAnswer(responseDocument(source, content, body)) };
}

/** The envelope without its times: a delete or a quote that is sent again must not differ by them. */
function timeless(envelope: Envelope): Envelope {
  return { ...envelope, sentAt: null, receivedAt: new Date(0) };
}

function recorded(context: CxmlInboundContext, envelope: Envelope, records: Recorded, says: Recorded): InboundResult {
  const source = { id: context.account.id, at: context.clock.now() };
  return {
    messageId: envelope.payloadId,
    says,
    ...records,
    answer: (outcome) => xmlAnswer(responseDocument(source, statusAfter(outcome))),
  };
}

function statusAfter(outcome: InboundOutcome): StatusContent {
  switch (outcome) {
    case 'recorded':
    case 'repeated':
      // A repeat is told the same, so that a partner whose first answer was lost is content.
      return status(200, '', '');
    case 'conflicting':
      return status(
        409,
        'Another message with this payloadID was taken before. Send this one under a new payloadID.',
        '같은 payloadID의 다른 메시지를 이미 받았습니다. 새 payloadID로 보내십시오.',
      );
    case 'cancelled':
      return status(
        409,
        'The order was deleted before, and this version of it is no newer than the delete. Send it as a new order or, if the delete named an orderVersion, under a higher one.',
        '이미 삭제된 주문이며, 이 버전은 삭제보다 새롭지 않습니다. 새 주문번호로 보내거나, 삭제에 orderVersion이 있었다면 더 높은 버전으로 보내십시오.',
      );
    case 'outdated':
      return status(
        409,
        'The order stands in a newer version than the one this deletes. Send the delete with the orderVersion of the newest or a higher one.',
        '삭제하려는 것보다 새로운 버전의 주문이 있습니다. 최신 orderVersion 이상으로 다시 보내십시오.',
      );
    case 'failed':
      return status(
        560,
        'The message could not be stored. Send it again later.',
        '메시지를 저장하지 못했습니다. 잠시 뒤 다시 보내십시오.',
      );
  }
}

function tooLarge(at: Date): InboundAnswer {
  const content = status(
    406,
    `The message is longer than ${xmlBounds.maxBytes} bytes. Send it in parts.`,
    `메시지가 ${xmlBounds.maxBytes}바이트를 넘습니다. 나누어 보내십시오.`,
  );
  return xmlAnswer(responseDocument({ id: 'door', at }, content));
}

/** HTTP says only that we answered; what we say stands in the Status. */
function xmlAnswer(body: string): InboundAnswer {
  return { status: 200, contentType: 'text/xml; charset=UTF-8', body };
}
