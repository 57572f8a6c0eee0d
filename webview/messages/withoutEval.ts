import * as z from 'zod/mini';

/**
 * Keeps zod from compiling its checks with `new Function`, which the page's content security policy forbids.
 * Has to be loaded before any schema is made.
 */
z.config({ jitless: true });
