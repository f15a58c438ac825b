namespace WebImageText.Crawl.OptOut;

/// <summary>Finds in the bytes of an image what its metadata says about its use.</summary>
public static class ImageSignals
{
    /// <summary>Every statement; the image is not decoded.</summary>
    /// <param name="image">As served.</param>
    public static List<OptOutSignal> Of(ReadOnlyMemory<byte> image)
    {
        var blocks = MetadataBlocks.Of(image.Span);
        return
        [
            .. blocks.Xmp.SelectMany(packet => XmpPacket.DataMining(packet)).Distinct()
                .Select(value => new OptOutSignal(OptOutSource.Xmp, value)),
            .. blocks.C2pa.SelectMany(store => C2paManifest.TrainingEntries(store)).Distinct()
                .Select(entry => new OptOutSignal(OptOutSource.C2pa, entry)),
        ];
    }
}
