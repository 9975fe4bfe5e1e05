/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * Starts an exported page in the browser. The page computes the figures of outcomes itself, with packages for
 * statistics. It has its own script, because the policy of the server's page forbids what these packages do
 * when they load.
 */
import "./base/no_eval.ts";
import { startPage } from "./start_page.tsx";
import { exportedIndex, fileSource } from "./source_file.ts";

startPage(fileSource(exportedIndex()));
