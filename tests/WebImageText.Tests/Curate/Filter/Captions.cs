namespace WebImageText.Tests.Curate.Filter;

/// <summary>Short captions, each after the code of its language; the English ones are full of names, species and brands.</summary>
internal static class Captions
{
    /// <summary>The captions that the identifier's rules were fitted to.</summary>
    public static IReadOnlyList<(string Language, string Text)> Fitted { get; } = Lines("""
        de Eine Katze schläft auf dem Sofa
        de Sonnenuntergang über der Nordsee
        de Frischer Apfelkuchen mit Sahne
        de Blick auf die Altstadt von Heidelberg
        de Rotes Fahrrad vor einer Backsteinmauer
        de Kinder spielen im Garten
        de Neuer Firmensitz in München
        de Schwarzer Kater liegt in der Sonne
        de Wanderweg durch den herbstlichen Wald
        de Das alte Rathaus bei Nacht
        de Zwei Hunde laufen am Strand
        de Gartenmöbel aus Holz günstig kaufen
        fr Un chat dort sur le canapé
        fr Coucher de soleil sur la mer
        fr Tarte aux pommes maison
        fr Vue de la vieille ville depuis le pont
        fr Vélo rouge contre un mur de briques
        fr Les enfants jouent dans le jardin
        fr Recette de soupe à l'oignon
        fr Deux chiens courent sur la plage
        fr Chaussures de randonnée pour femme
        fr Le château vu du lac en hiver
        fr Portrait d'une jeune fille souriante
        fr Robe longue en soie bleue
        es Un gato duerme en el sofá
        es Puesta de sol sobre el mar
        es Tarta de manzana casera
        es Vista del casco antiguo desde el puente
        es Bicicleta roja frente a un muro
        es Los niños juegan en el jardín
        es Receta de sopa de cebolla
        es Dos perros corren por la playa
        es Zapatos de mujer para caminar
        es El castillo visto desde el lago
        es Retrato de una joven sonriente
        es Muebles de madera para la cocina
        it Un gatto dorme sul divano
        it Tramonto sul mare in estate
        it Torta di mele fatta in casa
        it Veduta del centro storico dal ponte
        it Bicicletta rossa davanti al muro
        it I bambini giocano in giardino
        it Ricetta della zuppa di cipolle
        it Due cani corrono sulla spiaggia
        it Scarpe da donna in pelle nera
        it Il castello visto dal lago
        it Ritratto di una ragazza sorridente
        it Mobili in legno per la cucina
        pt Um gato dorme no sofá
        pt Pôr do sol sobre o mar
        pt Torta de maçã caseira
        pt Vista do centro histórico da ponte
        pt Bicicleta vermelha em frente ao muro
        pt As crianças brincam no jardim
        pt Receita de sopa de cebola
        pt Dois cães correm pela praia
        pt Sapatos femininos de couro preto
        pt O castelo visto do lago
        pt Retrato de uma jovem sorridente
        pt Móveis de madeira para cozinha
        nl Een kat slaapt op de bank
        nl Zonsondergang boven de Noordzee
        nl Versgebakken appeltaart met slagroom
        nl Uitzicht op de oude binnenstad
        nl Rode fiets tegen een bakstenen muur
        nl Kinderen spelen in de tuin
        nl Twee honden rennen over het strand
        nl Houten tuinmeubelen goedkoop kopen
        nl Het kasteel gezien vanaf het meer
        nl Portret van een lachend meisje
        nl Wandelschoenen voor dames
        nl De nieuwe burgemeester van Utrecht
        pl Kot śpi na kanapie
        pl Zachód słońca nad morzem
        pl Domowa szarlotka z lodami
        pl Widok na stare miasto z mostu
        pl Czerwony rower pod ceglanym murem
        pl Dzieci bawią się w ogrodzie
        pl Dwa psy biegną po plaży
        pl Meble drewniane do kuchni
        pl Zamek widziany znad jeziora
        pl Portret uśmiechniętej dziewczyny
        pl Buty damskie ze skóry
        pl Nowa siedziba firmy w Krakowie
        sv En katt sover på soffan
        sv Solnedgång över havet
        sv Hembakad äppelkaka med grädde
        sv Utsikt över gamla stan
        sv Röd cykel mot en tegelvägg
        sv Barnen leker i trädgården
        sv Två hundar springer på stranden
        sv Möbler i trä till köket
        sv Slottet sett från sjön
        sv Porträtt av en leende flicka
        sv Svarta skor för kvinnor
        sv Ny bro över älven
        da En kat sover på sofaen
        da Solnedgang over havet
        da Hjemmebagt æblekage med flødeskum
        da Udsigt over den gamle by
        da Rød cykel foran en mur
        da Børnene leger i haven
        da To hunde løber på stranden
        da Slottet set fra søen
        da Portræt af en smilende pige
        da Sorte sko til kvinder
        da Den nye bro over fjorden
        da Møbler af træ til køkkenet
        fi Kissa nukkuu sohvalla
        fi Auringonlasku meren yllä
        fi Kotitekoinen omenapiirakka jäätelöllä
        fi Näkymä vanhaan kaupunkiin
        fi Punainen polkupyörä tiiliseinää vasten
        fi Lapset leikkivät puutarhassa
        fi Kaksi koiraa juoksee rannalla
        fi Puiset huonekalut keittiöön
        fi Linna järveltä nähtynä
        fi Hymyilevän tytön muotokuva
        fi Uusi silta joen yli
        fi Naisten mustat nahkakengät
        tr Kedi kanepede uyuyor
        tr Deniz üzerinde gün batımı
        tr Ev yapımı elmalı turta
        tr Köprüden eski şehrin görünümü
        tr Tuğla duvarın önünde kırmızı bisiklet
        tr Çocuklar bahçede oynuyor
        tr İki köpek sahilde koşuyor
        tr Mutfak için ahşap mobilya
        tr Gölden görülen kale
        tr Gülümseyen bir kızın portresi
        tr Siyah deri kadın ayakkabısı
        tr Nehir üzerindeki yeni köprü
        id Kucing tidur di sofa
        id Matahari terbenam di atas laut
        id Kue apel buatan sendiri
        id Pemandangan kota tua dari jembatan
        id Sepeda merah di depan tembok
        id Anak-anak bermain di taman
        id Dua anjing berlari di pantai
        id Perabot kayu untuk dapur
        id Istana terlihat dari danau
        id Potret seorang gadis tersenyum
        id Sepatu kulit hitam wanita
        id Jembatan baru di atas sungai
        cs Kočka spí na pohovce
        cs Západ slunce nad mořem
        cs Domácí jablečný koláč
        cs Pohled na staré město z mostu
        cs Červené kolo u cihlové zdi
        cs Děti si hrají na zahradě
        cs Dva psi běží po pláži
        cs Dřevěný nábytek do kuchyně
        cs Hrad viděný od jezera
        cs Portrét usmívající se dívky
        cs Dámské kožené boty
        cs Nový most přes řeku
        ro O pisică doarme pe canapea
        ro Apus de soare deasupra mării
        ro Plăcintă cu mere de casă
        ro Vedere spre orașul vechi de pe pod
        ro Bicicletă roșie lângă un zid
        ro Copiii se joacă în grădină
        ro Doi câini aleargă pe plajă
        ro Mobilă din lemn pentru bucătărie
        ro Castelul văzut de pe lac
        ro Portretul unei fete zâmbitoare
        ro Pantofi de damă din piele
        ro Podul nou peste râu
        hu Egy macska alszik a kanapén
        hu Naplemente a tenger felett
        hu Házi almás pite fagylalttal
        hu Kilátás az óvárosra a hídról
        hu Piros kerékpár a téglafal előtt
        hu A gyerekek a kertben játszanak
        hu Két kutya fut a strandon
        hu Fa bútorok a konyhába
        hu A vár a tó felől
        hu Mosolygó lány portréja
        hu Fekete bőr női cipő
        hu Az új híd a folyó felett
        vi Con mèo ngủ trên ghế
        vi Hoàng hôn trên biển
        vi Bánh táo tự làm tại nhà
        vi Trẻ em chơi trong vườn
        vi Hai con chó chạy trên bãi biển
        vi Chân dung cô gái mỉm cười
        ru Кошка спит на диване
        ru Закат над морем летом
        ru Вид на старый город с моста
        ru Дети играют в саду
        uk Кішка спить на дивані вдома
        el Μια γάτα κοιμάται στον καναπέ
        ja ソファで眠る猫の写真
        ja 海に沈む夕日
        zh 一只猫在沙发上睡觉
        zh 海上的日落风景
        ko 소파에서 자고 있는 고양이
        ar قطة تنام على الأريكة
        he חתול ישן על הספה
        th แมวนอนอยู่บนโซฟา
        hi सोफे पर सोती हुई बिल्ली
        en Fringilla montifringilla male in winter plumage
        en Nikon D850 with 24-70mm lens
        en Angela Merkel meets Emmanuel Macron
        en São Paulo skyline at night
        en Café de Flore, Paris, France
        en Leica M6 camera front view
        en Red bicycle leaning against brick wall
        en Golden retriever puppy playing outside
        en Homemade apple pie recipe
        en Toyota Corolla 2019 hatchback
        en Sunset over Lake Como, Italy
        en Men's black leather shoes
        en Panthera tigris altaica (Siberian tiger)
        en Quercus robur, English oak
        en Playa del Carmen beach resort
        en Musée d'Orsay clock tower
        en Vintage wooden kitchen table
        en Dr. José García, chief surgeon
        en Spaghetti alla carbonara with pancetta
        en Kitchen cabinet door handle
        en Blue Porsche 911 Carrera
        en Ludwig van Beethoven portrait by Stieler
        en Schloss Neuschwanstein castle, Bavaria
        en Crème brûlée dessert
        en Sunflower field near Arles
        en Woman wearing silk kimono
        en Rafael Nadal, Roland Garros 2022
        en Crowded Tokyo street crossing
        en iPhone 14 Pro Max case
        en Baby panda eating bamboo
        en Rosa canina flowering shrub
        en New York City skyline
        en Lamborghini Aventador SVJ
        en Mona Lisa by Leonardo da Vinci
        en White ceramic coffee mug
        en Barcelona vs Real Madrid highlights
        en Pieter Bruegel, Hunters in the Snow
        en Mount Kilimanjaro, Tanzania
        en Fresh strawberries isolated on white
        en Las Vegas hotel swimming pool
        en Old stone bridge, Prague
        en Vector seamless floral pattern
        en Hand drawn winter illustration
        en Chihuahua dog wearing sweater
        en Taj Mahal Agra India
        en Volkswagen Golf GTI interior
        en Football player celebrating goal
        en Hyundai i30 N Line
        en Santa Maria della Salute church
        en Haus der Kunst museum exterior
        """);

    /// <summary>Captions that were written after the rules were fixed, some in languages that have no model.</summary>
    public static IReadOnlyList<(string Language, string Text)> HeldOut { get; } = Lines("""
        de Winterjacke für Herren in Dunkelblau
        de Bundeskanzler beim Treffen mit Gewerkschaften
        de Ferienwohnung mit Meerblick auf Rügen
        de Der neue Elektrobus der Stadtwerke
        de Bunte Ostereier im Nest
        de Schreibtischlampe LED dimmbar schwarz
        fr Salade de tomates et basilic
        fr Maison à vendre à Lyon
        fr Le président inaugure une nouvelle école
        fr Lampe de bureau noire
        fr Chiot labrador dans la neige
        fr Affiche du film sorti hier
        es Ensalada de tomate y albahaca
        es Casa en venta en Sevilla
        es El presidente inaugura una escuela
        es Lámpara de escritorio negra
        es Cachorro labrador jugando en la nieve
        es Camisa azul manga larga hombre
        it Insalata di pomodoro e basilico
        it Casa in vendita a Milano
        it Il presidente inaugura una scuola
        it Lampada da scrivania nera
        it Cucciolo di labrador nella neve
        it Camicia blu uomo manica lunga
        pt Salada de tomate com manjericão
        pt Casa para venda em Lisboa
        pt Presidente inaugura nova escola
        pt Luminária de mesa preta
        pt Filhote de labrador na neve
        pt Camisa azul manga longa masculina
        nl Tomatensalade met basilicum
        nl Huis te koop in Rotterdam
        nl Minister opent nieuwe basisschool
        nl Zwarte bureaulamp met dimmer
        nl Labrador puppy in de sneeuw
        nl Blauw overhemd lange mouwen heren
        pl Sałatka z pomidorów i bazylii
        pl Dom na sprzedaż w Warszawie
        pl Prezydent otwiera nową szkołę
        pl Czarna lampka biurkowa
        pl Szczeniak labradora na śniegu
        sv Tomatsallad med basilika
        sv Hus till salu i Göteborg
        sv Ministern inviger en ny skola
        sv Svart skrivbordslampa
        sv Labradorvalp leker i snön
        da Tomatsalat med basilikum og olie
        da Hus til salg i Aarhus
        da Ministeren åbner en ny skole
        da Sort skrivebordslampe med dæmper
        fi Tomaattisalaatti ja tuore basilika
        fi Talo myynnissä Helsingissä nyt
        fi Ministeri avasi uuden koulun
        tr Domates salatası ve fesleğen
        tr Satılık daire İstanbul Kadıköy
        tr Siyah masa lambası modelleri
        id Salad tomat dan kemangi
        id Rumah dijual di Jakarta Selatan
        id Presiden meresmikan sekolah baru
        id Lampu meja belajar hitam
        cs Rajčatový salát s bazalkou
        cs Dům na prodej v Brně
        cs Ministr otevřel novou školu
        ro Salată de roșii cu busuioc
        ro Casă de vânzare în Cluj
        ro Ministrul a inaugurat o școală
        hu Paradicsomsaláta bazsalikommal és olajjal
        hu Eladó ház Budapest belvárosában
        hu A miniszter új iskolát avatott
        vi Cà chua trộn húng quế
        vi Bán nhà mặt phố Hà Nội
        no Hus til salgs i Bergen
        no Jenta leker med ballen sin
        no Svart lampe til skrivebord
        ca Amanida de tomàquet amb alfàbrega
        ca El gos corre per la platja
        hr Kuća na prodaju u Zagrebu
        hr Crna stolna lampa za ured
        et Müüa maja Tallinna kesklinnas
        lt Parduodamas namas Vilniaus centre
        sk Dom na predaj v Bratislave
        tl Ang aso ay tumatakbo sa dalampasigan
        af Die hond hardloop op die strand
        eu Txakurra hondartzan korrika
        en Ford Mustang Shelby GT500
        en Lionel Messi, FC Barcelona
        en Sony WH-1000XM4 headphones
        en Parus major, Great Tit
        en Château Margaux 2015 bottle
        en La Sagrada Familia exterior
        en Samsung Galaxy S21 Ultra
        en Vincent van Gogh, Starry Night
        en Tomato basil salad
        en Labrador puppy snow
        en Adjustable LED desk lamp
        en Rio de Janeiro carnival dancers
        en Frida Kahlo museum courtyard
        en Turdus merula feeding chicks
        en Mercedes-Benz Sprinter campervan
        en Prosciutto and melon appetizer
        en Diego Rivera mural detail
        en Apartment for rent, Lisbon
        en Oktoberfest parade in Munich
        en Wiener schnitzel with potatoes
        en Digital marketing strategy concept
        en Medical laboratory equipment
        en Abstract geometric wallpaper
        en Business team meeting
        en Industrial ventilation systems
        en Dalai Lama visits Dharamshala
        en Hermann Hesse first edition
        en Cabernet Sauvignon grapes
        en President Macron speech
        en Acer palmatum bonsai
        en Tuscany vineyard panorama
        en Interior design inspiration
        en Solar panel installation diagram
        en Cristiano Ronaldo portrait
        en Salsa verde enchiladas
        en Nintendo Switch OLED model
        en Kawasaki Ninja 400
        en El Capitan, Yosemite
        en Notre Dame de Paris cathedral
        en Bernese mountain dog portrait
        en Amanita muscaria fungus
        en Dolce vita fashion editorial
        en Zen garden Kyoto
        en Basilica of San Marco
        en University campus aerial
        en Modern minimalist sofa
        en Electric guitar amplifier
        en Hydrangea macrophylla bloom
        en Vietnam veterans memorial
        en Vespa scooter Rome
        """);

    private static (string, string)[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (line[..2], line[3..]))];
}
