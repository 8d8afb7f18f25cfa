import * as z from 'zod';

/**
 * Makes zod interpret schemas instead of compiling them to functions.
 *
 * Shape: imported before any schema is made, for its effect only. The page's content security policy forbids code that
 *        is made from text, and zod tries it when a schema is made.
 */
z.config({ jitless: true });
