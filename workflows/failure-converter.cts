/**
 * Moves the messages and stacks of failures into payloads, which are sealed: a stack names folders of this machine. It is a
 * CommonJS module, because Temporal's SDK loads it with `require`.
 */
import common = require('@temporalio/common');

export = { failureConverter: new common.DefaultFailureConverter({ encodeCommonAttributes: true }) };
