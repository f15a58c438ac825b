using System.Collections.Frozen;
using System.Globalization;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// Names of EXIF fields, and words for the numbers of some: those under which img2dataset stores them (the ExifRead library's),
/// so that its readers find them.
/// </summary>
internal static class ExifTags
{
    private const string Image = """
        00FE SubfileType 00FF OldSubfileType 0100 ImageWidth 0101 ImageLength 0102 BitsPerSample 0103 Compression
        0106 PhotometricInterpretation 0107 Thresholding 0108 CellWidth 0109 CellLength 010A FillOrder 010D DocumentName
        010E ImageDescription 010F Make 0110 Model 0111 StripOffsets 0112 Orientation 0115 SamplesPerPixel 0116 RowsPerStrip
        0117 StripByteCounts 0118 MinSampleValue 0119 MaxSampleValue 011A XResolution 011B YResolution 011C PlanarConfiguration
        011D PageName 011E XPosition 011F YPosition 0122 GrayResponseUnit 0123 GrayResponseCurve 0124 T4Options 0125 T6Options
        0128 ResolutionUnit 0129 PageNumber 012C ColorResponseUnit 012D TransferFunction 0131 Software 0132 DateTime
        013B Artist 013C HostComputer 013D Predictor 013E WhitePoint 013F PrimaryChromaticities 0140 ColorMap
        0141 HalftoneHints 0142 TileWidth 0143 TileLength 0144 TileOffsets 0145 TileByteCounts 0146 BadFaxLines
        0147 CleanFaxData 0148 ConsecutiveBadFaxLines 014A SubIFDs 014C InkSet 014D InkNames 014E NumberofInks 0150 DotRange
        0151 TargetPrinter 0152 ExtraSamples 0153 SampleFormat 0154 SMinSampleValue 0155 SMaxSampleValue 0156 TransferRange
        0157 ClipPath 015B JPEGTables 0200 JPEGProc 0201 JPEGInterchangeFormat 0202 JPEGInterchangeFormatLength
        0211 YCbCrCoefficients 0212 YCbCrSubSampling 0213 YCbCrPositioning 0214 ReferenceBlackWhite 4746 Rating
        828D CFARepeatPatternDim 828E CFAPattern 828F BatteryLevel 8298 Copyright 829A ExposureTime 829D FNumber 83BB IPTC/NAA
        8769 ExifOffset 8773 InterColorProfile 8822 ExposureProgram 8824 SpectralSensitivity 8825 GPSInfo 8827 ISOSpeedRatings
        8828 OECF 8829 Interlace 882A TimeZoneOffset 882B SelfTimerMode 8830 SensitivityType 8832 RecommendedExposureIndex
        8833 ISOSpeed 9000 ExifVersion 9003 DateTimeOriginal 9004 DateTimeDigitized 9010 OffsetTime 9011 OffsetTimeOriginal
        9012 OffsetTimeDigitized 9101 ComponentsConfiguration 9102 CompressedBitsPerPixel 9201 ShutterSpeedValue
        9202 ApertureValue 9203 BrightnessValue 9204 ExposureBiasValue 9205 MaxApertureValue 9206 SubjectDistance
        9207 MeteringMode 9208 LightSource 9209 Flash 920A FocalLength 920B FlashEnergy 920C SpatialFrequencyResponse
        920D Noise 9211 ImageNumber 9212 SecurityClassification 9213 ImageHistory 9214 SubjectArea 9215 ExposureIndex
        9216 TIFF/EPStandardID 9290 SubSecTime 9291 SubSecTimeOriginal 9292 SubSecTimeDigitized 9C9B XPTitle 9C9C XPComment
        9C9D XPAuthor 9C9E XPKeywords 9C9F XPSubject A000 FlashPixVersion A001 ColorSpace A002 ExifImageWidth
        A003 ExifImageLength A004 RelatedSoundFile A005 InteroperabilityOffset A20B FlashEnergy A20C SpatialFrequencyResponse
        A20E FocalPlaneXResolution A20F FocalPlaneYResolution A210 FocalPlaneResolutionUnit A214 SubjectLocation
        A215 ExposureIndex A217 SensingMethod A300 FileSource A301 SceneType A302 CVAPattern A401 CustomRendered
        A402 ExposureMode A403 WhiteBalance A404 DigitalZoomRatio A405 FocalLengthIn35mmFilm A406 SceneCaptureType
        A407 GainControl A408 Contrast A409 Saturation A40A Sharpness A40B DeviceSettingDescription A40C SubjectDistanceRange
        A420 ImageUniqueID A430 CameraOwnerName A431 BodySerialNumber A432 LensSpecification A433 LensMake A434 LensModel
        A435 LensSerialNumber A500 Gamma C4A5 PrintIM C61A BlackLevel EA1C Padding EA1D OffsetSchema FDE8 OwnerName
        FDE9 SerialNumber
        """;

    private const string Location = """
        0000 GPSVersionID 0001 GPSLatitudeRef 0002 GPSLatitude 0003 GPSLongitudeRef 0004 GPSLongitude 0005 GPSAltitudeRef
        0006 GPSAltitude 0007 GPSTimeStamp 0008 GPSSatellites 0009 GPSStatus 000A GPSMeasureMode 000B GPSDOP 000C GPSSpeedRef
        000D GPSSpeed 000E GPSTrackRef 000F GPSTrack 0010 GPSImgDirectionRef 0011 GPSImgDirection 0012 GPSMapDatum
        0013 GPSDestLatitudeRef 0014 GPSDestLatitude 0015 GPSDestLongitudeRef 0016 GPSDestLongitude 0017 GPSDestBearingRef
        0018 GPSDestBearing 0019 GPSDestDistanceRef 001A GPSDestDistance 001B GPSProcessingMethod 001C GPSAreaInformation
        001D GPSDate 001E GPSDifferential
        """;

    private const string Interoperability = """
        0001 InteroperabilityIndex 0002 InteroperabilityVersion 1000 RelatedImageFileFormat 1001 RelatedImageWidth
        1002 RelatedImageLength
        """;

    // A field, then its values and their words. A list of values gives its words one after the other.
    private const string Words = """
        0103 Compression 1=Uncompressed|6=JPEG (old-style)|7=JPEG
        0112 Orientation 1=Horizontal (normal)|2=Mirrored horizontal|3=Rotated 180|4=Mirrored vertical
            |5=Mirrored horizontal then rotated 90 CCW|6=Rotated 90 CW|7=Mirrored horizontal then rotated 90 CW|8=Rotated 90 CCW
        0128 ResolutionUnit 1=Not Absolute|2=Pixels/Inch|3=Pixels/Centimeter
        0213 YCbCrPositioning 1=Centered|2=Co-sited
        8822 ExposureProgram 0=Unidentified|1=Manual|2=Program Normal|3=Aperture Priority|4=Shutter Priority|5=Program Creative
            |6=Program Action|7=Portrait Mode|8=Landscape Mode
        8830 SensitivityType 0=Unknown|1=Standard Output Sensitivity|2=Recommended Exposure Index|3=ISO Speed
            |4=Standard Output Sensitivity and Recommended Exposure Index|5=Standard Output Sensitivity and ISO Speed
            |6=Recommended Exposure Index and ISO Speed|7=Standard Output Sensitivity, Recommended Exposure Index and ISO Speed
        9101 ComponentsConfiguration 0=|1=Y|2=Cb|3=Cr|4=Red|5=Green|6=Blue
        9207 MeteringMode 0=Unidentified|1=Average|2=CenterWeightedAverage|3=Spot|4=MultiSpot|5=Pattern|6=Partial|255=other
        9208 LightSource 0=Unknown|1=Daylight|2=Fluorescent|3=Tungsten (incandescent light)|4=Flash|9=Fine weather
            |10=Cloudy weather|11=Shade|12=Daylight fluorescent (D 5700 - 7100K)|13=Day white fluorescent (N 4600 - 5400K)
            |14=Cool white fluorescent (W 3900 - 4500K)|15=White fluorescent (WW 3200 - 3700K)|17=Standard light A
            |18=Standard light B|19=Standard light C|20=D55|21=D65|22=D75|23=D50|24=ISO studio tungsten|255=other light source
        9209 Flash 0=Flash did not fire|1=Flash fired|5=Strobe return light not detected|7=Strobe return light detected
            |9=Flash fired, compulsory flash mode|13=Flash fired, compulsory flash mode, return light not detected
            |15=Flash fired, compulsory flash mode, return light detected|16=Flash did not fire, compulsory flash mode
            |24=Flash did not fire, auto mode|25=Flash fired, auto mode|29=Flash fired, auto mode, return light not detected
            |31=Flash fired, auto mode, return light detected|32=No flash function|65=Flash fired, red-eye reduction mode
            |69=Flash fired, red-eye reduction mode, return light not detected
            |71=Flash fired, red-eye reduction mode, return light detected
            |73=Flash fired, compulsory flash mode, red-eye reduction mode
            |77=Flash fired, compulsory flash mode, red-eye reduction mode, return light not detected
            |79=Flash fired, compulsory flash mode, red-eye reduction mode, return light detected
            |89=Flash fired, auto mode, red-eye reduction mode
            |93=Flash fired, auto mode, return light not detected, red-eye reduction mode
            |95=Flash fired, auto mode, return light detected, red-eye reduction mode
        A001 ColorSpace 1=sRGB|2=Adobe RGB|65535=Uncalibrated
        A217 SensingMethod 1=Not defined|2=One-chip color area|3=Two-chip color area|4=Three-chip color area
            |5=Color sequential area|7=Trilinear|8=Color sequential linear
        A300 FileSource 1=Film Scanner|2=Reflection Print Scanner|3=Digital Camera
        A301 SceneType 1=Directly Photographed
        A401 CustomRendered 0=Normal|1=Custom
        A402 ExposureMode 0=Auto Exposure|1=Manual Exposure|2=Auto Bracket
        A403 WhiteBalance 0=Auto|1=Manual
        A406 SceneCaptureType 0=Standard|1=Landscape|2=Portrait|3=Night
        A407 GainControl 0=None|1=Low gain up|2=High gain up|3=Low gain down|4=High gain down
        A408 Contrast 0=Normal|1=Soft|2=Hard
        A409 Saturation 0=Normal|1=Soft|2=Hard
        A40A Sharpness 0=Normal|1=Soft|2=Hard
        """;

    private static readonly FrozenDictionary<int, string> ImageNames = Names(Image);
    private static readonly FrozenDictionary<int, string> LocationNames = Names(Location);
    private static readonly FrozenDictionary<int, string> InteroperabilityNames = Names(Interoperability);
    private static readonly FrozenDictionary<(int, long), string> ValueWords = ReadWords();
    private static readonly FrozenSet<int> WithWords = ValueWords.Keys.Select(key => key.Item1).ToFrozenSet();

    /// <summary>The name of a field of a directory, for example <c>ExposureTime</c>; <c>Tag 0x1234</c> for one without.</summary>
    public static string Name(string directory, int tag) => (directory switch
    {
        "GPS" => LocationNames,
        "Interoperability" => InteroperabilityNames,
        _ => ImageNames,
    }).TryGetValue(tag, out var name) ? name : $"Tag 0x{tag:X4}";

    /// <summary>The numbers of a field have words.</summary>
    public static bool HasWords(string directory, int tag) => directory is not ("GPS" or "Interoperability") && WithWords.Contains(tag);

    /// <summary>The word of a value, or its number.</summary>
    public static string Word(int tag, long value) =>
        ValueWords.TryGetValue((tag, value), out var word) ? word : value.ToString(CultureInfo.InvariantCulture);

    private static FrozenDictionary<int, string> Names(string table) =>
        table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToFrozenDictionary(pair => Hex(pair[0]), pair => pair[1]);

    private static FrozenDictionary<(int, long), string> ReadWords()
    {
        var words = new Dictionary<(int, long), string>();
        foreach (var field in Words.Replace("\n    ", "", StringComparison.Ordinal).Split('\n'))
            foreach (var value in field.Split(' ', 3)[2].Split('|'))
                words[(Hex(field[..4]), long.Parse(value[..value.IndexOf('=')], CultureInfo.InvariantCulture))] =
                    value[(value.IndexOf('=') + 1)..];
        return words.ToFrozenDictionary();
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
