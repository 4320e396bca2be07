import { z } from 'zod';

/** What a person gives as a name or a reason: it goes into histories that are never changed, so blanks are nothing. */
export const personText = z.string().trim().min(1);
