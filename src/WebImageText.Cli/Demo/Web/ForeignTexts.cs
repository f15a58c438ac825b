namespace WebImageText.Cli.Demo.Web;

/// <summary>Captions that are not English; some hold an English query.</summary>
internal static class ForeignTexts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Ein roter Ball liegt neben dem Haus auf der grünen Wiese",
        "Drei kleine Vögel sitzen auf einem Zweig und singen am frühen Morgen",
        "Un chat noir dort sur une chaise rouge devant la fenêtre ouverte",
        "Cinq étoiles jaunes brillent dans le ciel au-dessus de la montagne",
        "Dos peces azules nadan debajo del barco en el mar tranquilo",
        "Una casa blanca con un árbol muy grande a la izquierda del camino",
        "Quattro mele rosse sono sul tavolo di legno vicino alla finestra",
        "Een oranje vlinder vliegt boven de bloemen in de tuin van mijn oma",
        "Um cachorro marrom está sentado na areia ao lado de um guarda-chuva",
        "Czerwony samochód stoi na śniegu obok wysokiego zamku",
        "Три жёлтые рыбы плавают под водой рядом с большой черепахой",
        "Bir kırmızı balon gökyüzünde yavaşça yükseliyor ve çocuklar bakıyor",
        "青い空に白い雲が三つ浮かんでいる絵です",
        "Egy kis kék madár ül a ház tetején és énekel a napsütésben",
    ];
}
