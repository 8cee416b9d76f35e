/**
 * What keeps an interface from working, and what to do about it. Facts are gathered in one place
 * ({@code Examination}), each {@code Check} only judges them.
 */
@NullMarked
package io.wgnetty.doctor;

import org.jspecify.annotations.NullMarked;
