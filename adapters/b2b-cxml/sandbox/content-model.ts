/**
 * What may stand in which element, in the words of the DTDs of cXML 1.2.063 (2021). Elements that are not named here
 * are left alone: a full check needs the DTDs themselves.
 */

import type { XmlElement } from './xml-tree.ts';

const models: Record<string, string> = {
  cXML: '((Header, (Message | Request)) | Response), ds:Signature*',
  Header: 'From, To, Sender, (Path, OriginalDocument)?',
  From: 'Credential+, Correspondent?',
  To: 'Credential+, Correspondent?',
  Sender: 'Credential+, UserAgent',
  Credential: 'Identity, (SharedSecret | DigitalSignature | CredentialMac)?',
  Response: 'Status, (ProfileResponse | PunchOutSetupResponse)?',
  ProfileResponse: 'Option*, Transaction+',
  Transaction: 'URL, Option*',
  PunchOutSetupResponse: 'StartPage',
  StartPage: 'URL',
  CatalogUploadRequest: 'CatalogName, Description, Attachment, Commodities?, AutoPublish?, Notification',
  Attachment: 'URL',
  Notification: 'Email?, URLPost?',
  Index: 'SupplierID+, Comments?, SearchGroup*, IndexItem+',
  IndexItem: 'IndexItemAdd+ | IndexItemDelete+ | IndexItemPunchout+',
  IndexItemAdd: 'ItemID, ItemDetail, IndexItemDetail',
  IndexItemDelete: 'ItemID',
  IndexItemDetail: 'LeadTime, ExpirationDate?, EffectiveDate?, SearchGroupData*, TerritoryAvailable*',
  ItemID: 'SupplierPartID, SupplierPartAuxiliaryID?, BuyerPartID?, IdReference*',
  ItemDetail:
    'UnitPrice, Description+, OverallLimit?, ExpectedLimit?, UnitOfMeasure, PriceBasisQuantity?, Classification+, ' +
    'ManufacturerPartID?, ManufacturerName?, URL?, LeadTime?, Dimension*, ItemDetailIndustry?, AttachmentReference*, ' +
    'PlannedAcceptanceDays?, Extrinsic*',
  UnitPrice: 'Money, Modifications?, PricingConditions?',
  Total: 'Money, Modifications?',
  PunchOutOrderMessage: 'BuyerCookie, PunchOutOrderMessageHeader, ItemIn*',
  PunchOutOrderMessageHeader: 'SourcingStatus?, Total, ShipTo?, Shipping?, Tax?, SupplierOrderInfo?',
  ItemIn:
    'ItemID, Path?, ItemDetail, (SupplierID | SupplierList)?, ShipTo?, Shipping?, Tax?, SpendDetail?, Distribution*, ' +
    'Contact*, Comments?, ScheduleLine*, BillTo?, Batch?, Period?, DateInfo*, Extrinsic*',
  ConfirmationRequest:
    'ConfirmationHeader, OrderReference, (OrderStatusRequestReference | OrderStatusRequestIDInfo)*, ConfirmationItem*',
  ConfirmationHeader:
    'DocumentReference?, Total?, Shipping?, Tax?, Contact*, Hazard*, Comments*, IdReference*, Extrinsic*',
  OrderReference: 'DocumentReference',
  ConfirmationItem: 'UnitOfMeasure, Contact*, Hazard*, ConfirmationStatus+',
  ConfirmationStatus:
    'UnitOfMeasure, (ItemIn | (UnitPrice?, Tax?, Shipping?)), SupplierBatchID?, ScheduleLineReference?, ' +
    'ComponentConsumptionDetails*, Comments*, Extrinsic*',
  ShipNoticeRequest: 'ShipNoticeHeader, ShipControl*, ShipNoticePortion*',
  ShipControl:
    'CarrierIdentifier+, ShipmentIdentifier+, PackageIdentification?, (Route | TransportInformation)*, Contact*, ' +
    'Comments*, Extrinsic*',
  ShipNoticePortion:
    'OrderReference, (MasterAgreementReference | MasterAgreementIDInfo)?, Contact*, Comments*, Extrinsic*, ' +
    'ShipNoticeItem*, ReferenceDocumentInfo*',
  QuoteMessage: 'QuoteMessageHeader, QuoteItemIn*',
  QuoteMessageHeader:
    'OrganizationID, Total, ShipTo?, Contact*, QuoteRequestReference?, Comments?, QuoteHeaderInfo?, ' +
    'SupplierProductionFacilityRelations?, Extrinsic*',
};

const requiredAttributes: Record<string, readonly string[]> = {
  cXML: ['payloadID', 'timestamp'],
  Credential: ['domain'],
  Status: ['code', 'text'],
  ProfileResponse: ['effectiveDate'],
  Transaction: ['requestName'],
  CatalogUploadRequest: ['operation'],
  CatalogName: ['xml:lang'],
  SupplierID: ['domain'],
  Description: ['xml:lang'],
  Classification: ['domain'],
  Extrinsic: ['name'],
  Money: ['currency'],
  PunchOutOrderMessageHeader: ['operationAllowed'],
  ItemIn: ['quantity'],
  ConfirmationHeader: ['type', 'noticeDate'],
  ConfirmationItem: ['quantity', 'lineNumber'],
  ConfirmationStatus: ['quantity', 'type'],
  DocumentReference: ['payloadID'],
  ShipNoticeHeader: ['shipmentID', 'noticeDate'],
  ShipNoticeItem: ['quantity', 'lineNumber'],
  CarrierIdentifier: ['domain'],
  QuoteMessageHeader: ['type', 'quoteID', 'quoteDate', 'currency', 'xml:lang'],
};

const choices: Record<string, Record<string, readonly string[]>> = {
  Index: { loadmode: ['Full', 'Incremental'] },
  CatalogUploadRequest: { operation: ['new', 'update'] },
  PunchOutOrderMessageHeader: { operationAllowed: ['create', 'inspect', 'edit'] },
  ConfirmationHeader: {
    type: ['accept', 'allDetail', 'detail', 'backordered', 'except', 'reject', 'requestToPay', 'replace'],
    operation: ['new', 'update'],
  },
  ConfirmationStatus: {
    type: ['accept', 'allDetail', 'detail', 'backordered', 'reject', 'unknown', 'requestToPay'],
  },
  ShipNoticeHeader: { operation: ['new', 'update', 'delete'] },
};

/** A model as a pattern over the children's names, each written `<Name>`. */
const patterns = new Map(
  Object.entries(models).map(([name, model]) => {
    const source = model.replace(/[\w:]+/g, (child) => `(?:<${child}>)`).replace(/[\s,]+/g, '');
    return [name, new RegExp(`^(?:${source})$`)];
  }),
);

function faultHere(element: XmlElement): string | null {
  const inside = element.children.map((child) => child.name);
  const pattern = patterns.get(element.name);
  if (pattern && !pattern.test(inside.map((name) => `<${name}>`).join('')))
    return `${element.name} must hold (${models[element.name]}), found (${inside.join(', ')})`;
  for (const name of requiredAttributes[element.name] ?? []) {
    if (element.attributes[name] === undefined) return `${element.name} lacks the attribute ${name}`;
  }
  for (const [name, words] of Object.entries(choices[element.name] ?? {})) {
    const word = element.attributes[name];
    if (word !== undefined && !words.includes(word))
      return `${element.name} ${name} must be one of ${words.join(', ')}`;
  }
  return null;
}

/** The first place that breaks the rules; null when there is none. What stands in an Extrinsic is free. */
export function contentFault(element: XmlElement): string | null {
  const here = faultHere(element);
  if (here !== null || element.name === 'Extrinsic') return here;
  for (const child of element.children) {
    const deeper = contentFault(child);
    if (deeper !== null) return deeper;
  }
  return null;
}
