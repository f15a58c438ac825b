using CsCheck;
using WebImageText.Addresses;

namespace WebImageText.Tests.Addresses;

public class InternationalNameTests
{
    // RFC 3492, section 7.1 (A) Arabic, (B) Chinese, (L) Japanese with digits, (R) Japanese in three scripts; S breaks no rule.
    [Theory]
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b")]
    [InlineData("パフィーdeルンバ", "de-jg4avhby1noc0d")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    public void Punycode_is_that_of_the_rfc(string label, string ascii)
    {
        Assert.Equal(ascii, Punycode.Encode(label));
        Assert.Equal(label, Punycode.Decode(ascii));
    }

    [Fact]
    public void Punycode_decodes_to_what_was_encoded() => Gen.Int[0x80, 0x10FFFF].Where(code => code is < 0xD800 or > 0xDFFF)
        .Select(char.ConvertFromUtf32).Array[1, 30].Select(string.Concat)
        .Sample(label => Punycode.Decode(Punycode.Encode(label)) == label);

    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.Example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")] // nontransitional: not fass.de
    [InlineData("a。b．c｡d", "a.b.c.d")]
    [InlineData("-é-", "xn-----bja")] // hyphens are not checked
    [InlineData("é..", "xn--9ca..")]
    [InlineData("א1", "xn--1-zhc")]
    public void A_name_in_another_script_has_its_form_in_ascii(string name, string? ascii) =>
        Assert.Equal(ascii, InternationalName.ToAscii(name));

    [Fact]
    public void A_joiner_after_a_virama_makes_another_name() =>
        Assert.NotEqual(InternationalName.ToAscii("क्ष"), InternationalName.ToAscii("क्\u200dष"));

    [Theory]
    [InlineData("a\u200db")] // a joiner without a virama
    [InlineData("\u0301a.example")] // begins with a mark
    [InlineData("1א")] // right to left, but begins with a digit
    [InlineData("aא")] // both directions
    [InlineData("é\ufffd")]
    [InlineData("xn--a-")] // Punycode of plain ASCII
    [InlineData("xn--")]
    [InlineData("xn--é")]
    [InlineData("xn--\u200b!")]
    [InlineData("xn--ls8h=")]
    public void A_name_that_breaks_a_rule_is_none(string name) => Assert.Null(InternationalName.ToAscii(name));
}
