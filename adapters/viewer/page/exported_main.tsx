/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * The exported page: starts it in the browser. It computes its figures of outcomes itself, so it has a script of its own: the
 * policy of the server's page forbids what the packages of the statistics try when they load.
 */
import "./base/no_eval.ts";
import { startPage } from "./start_page.tsx";
import { exportedIndex, fileSource } from "./source_file.ts";

startPage(fileSource(exportedIndex()));
