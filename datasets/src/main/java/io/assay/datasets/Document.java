package io.assay.datasets;

import java.util.Map;

/**
 * One record of a data file.
 *
 * @param source file it came from, as the user named it
 * @param index position in the file, from 0, counting bad records too
 * @param line where it begins in the file, from 1; its number where a format has no lines
 * @param fields values by column: strings, numbers, booleans, lists and maps of these, or null
 */
public record Document(String source, long index, long line, Map<String, Object> fields)
    implements java.io.Serializable {}
