import { defineChannel } from '../../src/channel/contract.ts';
import { buildArchive } from './build.ts';
import { checkDelivery, deliverFile } from './deliver.ts';
import { limits } from './limits.ts';
import { readFilledReceipt } from './read-receipt.ts';
import { renderRow } from './render.ts';
import {
  credentialsSchema,
  type ExportPortalCredentials,
  type ExportPortalSettings,
  settingsSchema,
  templateOf,
} from './settings.ts';

/** Portals without an API: files for a person to upload, and the files that they bring back. */
export const exportPortal = defineChannel<ExportPortalSettings, ExportPortalCredentials>({
  id: 'export-portal',
  kind: 'export',
  name: { ko: '수출 포털 (파일)', en: 'Export portals (files)' },
  apiVersion: 'no API; forms assumed, as of 2026-11',
  documentation: 'https://www.ec21.com',
  settings: settingsSchema,
  credentials: credentialsSchema,
  limits,
  check: checkDelivery,
  batches: {
    // A person enters them by hand, and a workbook of this size still opens at once.
    maxItems: 600,
    staleDays: (settings) => settings.staleDays,
    // Price and stock are cells of the row like any other.
    parts: [],
    sites: (settings) => [templateOf(settings).id],
    render: renderRow,
    build: buildArchive,
    readReceipt: readFilledReceipt,
    deliver: deliverFile,
  },
  // Loaded when a file is read: parsers of mail and HTML would make every other command start later.
  inquiries: {
    readFile: async (file, settings, now) => (await import('./inquiries.ts')).readInquiryFile(file, settings, now),
  },
});
