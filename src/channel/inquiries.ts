import type { BuyerContact, Inquiry } from '../domain/inquiry.ts';
import type { NamedFile } from './batches.ts';

/** A row that cannot be used: which one, and a sentence that says what to correct. */
export interface RowFault {
  row: number;
  /** A machine's word for the reason. */
  code: string;
  /** The heading of the column as the file spells it; empty when it concerns the whole row. */
  field: string;
  messageKo: string;
  messageEn: string;
}

/** One inquiry with its key: the channel's number, or where there is none a hash of what makes it itself. */
export interface PulledInquiry {
  externalId: string;
  row: number;
  value: Inquiry;
  /** Null where the source shows none, or shows it masked: `ke****@****` is not an address. */
  contact: BuyerContact | null;
  /**
   * What tells equal inquiries of different senders apart, where the channel gives no number: the mail's own id, an
   * address, a name. In clear, and never stored so: the core keys it under its secret, since addresses can be guessed.
   */
  sender?: string | null;
  /** Columns nobody knows, by heading, as text; without personal data. */
  extras: Record<string, string>;
}

export interface InquiryFile {
  inquiries: PulledInquiry[];
  faults: RowFault[];
}

/** Inquiries that people save as files, because the channel has no other way of handing them out. */
export interface InquiriesGroup<Settings> {
  /**
   * Reads one saved file.
   * @throws PeopleError when the file as a whole cannot be read.
   */
  readFile(file: NamedFile, settings: Settings, now: Date): Promise<InquiryFile>;
}
