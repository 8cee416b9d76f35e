/**
 * Asking a running node, and showing people what it says: the requests and answers of its control
 * socket, texts, tables, JSON, QR codes. Knows {@code node}'s words, {@code config} and below.
 */
@NullMarked
package io.wgnetty.client;

import org.jspecify.annotations.NullMarked;
